package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.PageToken;
import java.util.List;
import java.util.function.Function;

/** Pages of lists that a gateway has in memory. */
final class Pages {
    static final int USUAL = 100;
    static final int MOST = 1000;

    private final PageToken tokens;

    Pages(PageToken tokens) {
        this.tokens = tokens;
    }

    /** Gives what comes behind a place; all of it for the empty place. */
    @FunctionalInterface
    interface Source<T> {
        List<T> after(String place) throws ApiException;
    }

    /**
     * A page of a list.
     *
     * @param question as for {@link PageToken}
     * @param member the list's name in the answer
     * @param place what an item is found again by
     */
    <T> ObjectNode page(
            AwsParameters parameters,
            String question,
            String member,
            Source<T> source,
            Function<T, String> place,
            Function<T, ObjectNode> form)
            throws ApiException {
        var asked = parameters.number("maxResults", MOST);
        var limit = asked == 0 ? USUAL : asked;
        var after = tokens.place(parameters.string("nextToken"), question).orElse("");
        var rest = source.after(after);
        var output = Json.object();
        var items = output.putArray(member);
        rest.stream().limit(limit).map(form).forEach(items::add);
        if (rest.size() > limit) {
            output.put("nextToken", tokens.text(question, place.apply(rest.get(limit - 1))));
        }
        return output;
    }

    /** What comes behind an item in a list that only grows, at its end; all if that item is not there. */
    static <T> List<T> behind(List<T> all, String place, Function<T, String> placeOf) {
        for (var i = 0; i < all.size(); i++) {
            if (placeOf.apply(all.get(i)).equals(place)) {
                return all.subList(i + 1, all.size());
            }
        }
        return all;
    }
}
