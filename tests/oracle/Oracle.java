import static io.trino.testing.TestingSession.testSessionBuilder;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.client.IntervalDayTime;
import io.trino.client.IntervalYearMonth;
import io.trino.spi.TrinoException;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.Type;
import io.trino.sql.parser.ParsingException;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.type.SqlIntervalDayTime;
import io.trino.type.SqlIntervalYearMonth;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers queries: a line of standard input is one, as a JSON string; a line of standard output is its answer, as a JSON object. */
public class Oracle
{
    public static void main(String[] arguments)
            throws Exception
    {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        ObjectMapper json = new ObjectMapper();
        BufferedReader queries = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        LocalQueryRunner runner = LocalQueryRunner.create(testSessionBuilder().setTimeZoneKey(TimeZoneKey.UTC_KEY).build());
        for (String line = queries.readLine(); line != null; line = queries.readLine()) {
            answers.println(json.writeValueAsString(answer(runner, json.readValue(line, String.class))));
        }
        System.exit(0);
    }

    private static Map<String, Object> answer(LocalQueryRunner runner, String query)
    {
        try {
            MaterializedResult result = runner.execute(query);
            List<String> types = result.getTypes().stream().map(Type::getDisplayName).toList();
            return Map.of("types", types, "rows", plain(result.getMaterializedRows()));
        }
        catch (TrinoException e) {
            return error(e.getErrorCode().getName(), e);
        }
        catch (ParsingException e) {
            return error("SYNTAX_ERROR", e);
        }
        catch (Exception | StackOverflowError | AssertionError e) {
            return error(e.getClass().getSimpleName(), e);
        }
    }

    private static Map<String, Object> error(String name, Throwable error)
    {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("error", name);
        answer.put("message", String.valueOf(error.getMessage()));
        return answer;
    }

    private static List<Object> plain(Collection<?> values)
    {
        List<Object> plain = new ArrayList<>();
        values.forEach(value -> plain.add(plain(value)));
        return plain;
    }

    /** Maps are lists of pairs, intervals are numbers of milliseconds or months, and what is not finite is text. */
    private static Object plain(Object value)
    {
        if (value == null || value instanceof Boolean || value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = Double.parseDouble(value.toString());
            return Double.isFinite(number) ? number : value.toString();
        }
        if (value instanceof MaterializedRow row) {
            return plain(row.getFields());
        }
        if (value instanceof Map<?, ?> map) {
            List<Object> pairs = new ArrayList<>();
            map.forEach((key, item) -> {
                List<Object> pair = new ArrayList<>();
                pair.add(plain(key));
                pair.add(plain(item));
                pairs.add(pair);
            });
            return pairs;
        }
        if (value instanceof Collection<?> values) {
            return plain(values);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof SqlVarbinary bytes) {
            return HexFormat.of().formatHex(bytes.getBytes());
        }
        if (value instanceof SqlIntervalDayTime interval) {
            return IntervalDayTime.parseMillis(interval.toString());
        }
        if (value instanceof SqlIntervalYearMonth interval) {
            return IntervalYearMonth.parseMonths(interval.toString());
        }
        return value.toString();
    }
}
