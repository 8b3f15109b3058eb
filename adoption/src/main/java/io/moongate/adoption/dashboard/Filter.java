package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.MergedReport;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which shoots a page shows: its query, as it stands in the address. Values that mean nothing match nothing. */
record Filter(Map<String, String> query) {
    private static final int LONGEST_VALUE = 300;

    static Filter of(@Nullable String rawQuery) {
        var query = new LinkedHashMap<String, String>();
        for (String part : rawQuery == null ? new String[0] : rawQuery.split("&", 20)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                String value = decoded(part.substring(equals + 1)).strip();
                if (!value.isEmpty() && value.length() <= LONGEST_VALUE) {
                    query.put(decoded(part.substring(0, equals)), value);
                }
            }
        }
        return new Filter(query);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    boolean shows(MergedReport.Row row) {
        return is("seed", row.seed())
                && is("project", row.project())
                && is("purpose", row.purpose())
                && is("class", row.shootClass())
                && row.is(query.getOrDefault("finding", row.finding()))
                && (!query.getOrDefault("blocking", "").equals("yes") || row.blocks())
                && row.shoot().contains(query.getOrDefault("name", "").toLowerCase(Locale.ROOT));
    }

    private boolean is(String key, String value) {
        String wanted = query.get(key);
        return wanted == null || wanted.equals(value);
    }

    /** From 1. */
    int page() {
        String page = query.getOrDefault("page", "1");
        return page.matches("[1-9]\\d{0,5}") ? Integer.parseInt(page) : 1;
    }

    /** The same shoots on another page, as a query. */
    String at(int page) {
        var text = new StringBuilder("?");
        query.forEach((key, value) -> {
            if (!key.equals("page")) {
                text.append(encoded(key)).append('=').append(encoded(value)).append('&');
            }
        });
        return text.append("page=").append(page).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
