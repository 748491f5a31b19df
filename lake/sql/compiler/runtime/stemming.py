"""The stems of English words (snowballstem.org/algorithms/english/stemmer.html), for word_stem; other languages take `tap-lake[stem]`."""

from __future__ import annotations

import importlib
import re
from functools import cache, lru_cache
from typing import Any

from lake.sql.compiler.runtime.errors import TrinoError

VOWELS = "aeiouy"
WORDS_KEPT = 50_000
"""A language has few words that come often."""
LANGUAGES = {
    "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "hy": "armenian", "ir": "irish", "it": "italian", "lt": "lithuanian",
    "nl": "dutch_porter", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
WHOLE = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl", "gently": "gentl",
    "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl", "sky": "sky", "news": "news", "howe": "howe",
    "atlas": "atlas", "cosmos": "cosmos", "bias": "bias", "andes": "andes",
}  # fmt: skip
AFTER_FIRST_STEPS = frozenset({"inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"})
SECOND = (
    ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
    ("tional", "tion"), ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"),
    ("aliti", "al"), ("ousli", "ous"), ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"),
    ("abli", "able"), ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"),
)  # fmt: skip
THIRD = (
    ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"),
    ("ness", ""), ("ful", ""),
)  # fmt: skip
FOURTH = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er", "ic",
)  # fmt: skip
DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
PREFIXES = ("gener", "commun", "arsen")
REGION = re.compile(f"[{VOWELS}][^{VOWELS}]")
SHORT_END = re.compile(f"(?:^|[^{VOWELS}])[{VOWELS}][^{VOWELS}wxY]$|^[{VOWELS}][^{VOWELS}]$")


@cache
def _stemmer(language: str) -> Any:
    try:
        snowball = importlib.import_module("snowballstemmer")
        return snowball.stemmer(LANGUAGES[language])
    except (ImportError, KeyError) as error:
        message = f"word_stem of language {language} needs snowballstemmer: pip install 'tap-lake[stem]'"
        raise TrinoError("NOT_SUPPORTED", message) from error


@lru_cache(WORDS_KEPT)
def word_stem(word: str, language: str = "en") -> str:
    if language not in LANGUAGES:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Unknown stemmer language: {language}")
    if len(word) < 3 and word.isalpha():
        return word
    if language != "en":
        found: str = _stemmer(language).stemWord(word)
        return found
    return WHOLE.get(word) or _Stem(word).found()


class _Stem:
    """A consonant y is written Y. R1 and R2 are where the regions begin in which endings count."""

    def __init__(self, word: str) -> None:
        text = word.removeprefix("'")
        text = re.sub(f"(^|[{VOWELS}])y", r"\1Y", text)
        self.text = text
        prefix = next((len(each) for each in PREFIXES if text.startswith(each)), None)
        self.r1 = prefix if prefix is not None else self._region(0)
        self.r2 = self._region(self.r1)

    def _region(self, start: int) -> int:
        found = REGION.search(self.text, start)
        return found.end() if found else len(self.text)

    def found(self) -> str:
        self._possessive()
        self._plural()
        if self.text not in AFTER_FIRST_STEPS:
            self._past()
            if len(self.text) > 2 and self.text[-1] in "yY" and self.text[-2] not in VOWELS:
                self.text = self.text[:-1] + "i"
            self._second()
            self._third()
            self._fourth()
            self._last()
        return self.text.replace("Y", "y")

    def _has(self, ending: str, region: int) -> bool:
        return self.text.endswith(ending) and len(self.text) - len(ending) >= region

    def _put(self, ending: str, replacement: str) -> None:
        self.text = self.text[: len(self.text) - len(ending)] + replacement

    def _possessive(self) -> None:
        ending = next((each for each in ("'s'", "'s", "'") if self.text.endswith(each)), "")
        self._put(ending, "")

    def _plural(self) -> None:
        text = self.text
        if text.endswith("sses"):
            self._put("es", "")
        elif text.endswith(("ied", "ies")):
            self._put("ied", "i" if len(text) > 4 else "ie")
        elif text.endswith("s") and not text.endswith(("us", "ss")) and re.search(f"[{VOWELS}]", text[:-2]):
            self._put("s", "")

    def _past(self) -> None:
        for ending in ("eedly", "eed"):
            if self.text.endswith(ending):
                if self._has(ending, self.r1):
                    self._put(ending, "ee")
                return
        ending = next((each for each in ("ingly", "edly", "ing", "ed") if self.text.endswith(each)), "")
        if not ending or not re.search(f"[{VOWELS}]", self.text[: -len(ending)]):
            return
        self._put(ending, "")
        if self.text.endswith(("at", "bl", "iz")):
            self.text += "e"
        elif self.text.endswith(DOUBLES):
            self.text = self.text[:-1]
        elif self.r1 >= len(self.text) and SHORT_END.search(self.text):
            self.text += "e"

    def _second(self) -> None:
        for ending, replacement in SECOND:
            if self.text.endswith(ending):
                if self._has(ending, self.r1):
                    self._put(ending, replacement)
                return
        if self._has("ogi", self.r1) and self.text.endswith("logi"):
            self._put("ogi", "og")
        elif self._has("li", self.r1) and self.text[-3:-2] in tuple("cdeghkmnrt"):
            self._put("li", "")

    def _third(self) -> None:
        for ending, replacement in THIRD:
            if self.text.endswith(ending):
                if self._has(ending, self.r1):
                    self._put(ending, replacement)
                return
        if self._has("ative", self.r2):
            self._put("ative", "")

    def _fourth(self) -> None:
        for ending in FOURTH:
            if self.text.endswith(ending):
                if self._has(ending, self.r2):
                    self._put(ending, "")
                return
        if self._has("ion", self.r2) and self.text[-4:-3] in ("s", "t"):
            self._put("ion", "")

    def _last(self) -> None:
        if self._has("e", self.r2) or (self._has("e", self.r1) and not SHORT_END.search(self.text[:-1])):
            self._put("e", "")
        elif self._has("l", self.r2) and self.text.endswith("ll"):
            self._put("l", "")
