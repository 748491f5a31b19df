"""The door from a clone: `python cli.py query "SELECT 1"` is what `tap-lake query "SELECT 1"` is once installed."""

from lake.commands import main

if __name__ == "__main__":
    main()
