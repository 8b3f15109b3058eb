package io.moongate.manifest.file;

import io.moongate.manifest.read.BrokenDocument;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.read.ManifestReader.Contents;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one file has given: the last good objects, the text they came from, and what is wrong with it now.
 *
 * @param text the text last taken; empty if it came from before a restart
 * @param hidesConfiguration whether what could not be taken of it may be the configuration
 * @param overfull whether it may be taken as soon as there is room for more objects
 */
record FileState(
        Map<ObjectRef, Manifest> objects,
        KeptText text,
        List<Problem> problems,
        boolean hidesConfiguration,
        boolean overfull) {
    static final FileState NEW = new FileState(Map.of(), KeptText.EMPTY, List.of(), false, false);

    static FileState ofLastGood(Map<ObjectRef, Manifest> objects) {
        return new FileState(objects, KeptText.EMPTY, List.of(), false, false);
    }

    /** As how many objects they count. */
    int weight() {
        return objects.values().stream().mapToInt(Manifest::weight).sum();
    }

    /** Something is wrong with the file as a whole: all that it held stays. */
    FileState kept(Problem.Code code, String file, String message, String remedy, boolean hides) {
        var problem = Problem.at(code, Place.wholeFile(file), message, remedy);
        return new FileState(objects, text, List.of(problem), hides, false);
    }

    /** Takes what is good of the new text; what is broken keeps its last good version. */
    FileState take(String file, String newText, InputLimits limits) {
        Contents contents = ManifestReader.read(file, newText, limits);
        if (contents.overfull()) {
            return new FileState(objects, text, contents.problems(), contents.hidesConfiguration(), true);
        }
        if (contents.empty()) {
            if (objects.isEmpty() && newText.isBlank()) {
                // Nobody can say what its writer has meant to write.
                return kept(Problem.Code.EMPTY_FILE, file, "the file is empty", "fill it, or delete it", true);
            }
            if (objects.isEmpty()) {
                return new FileState(Map.of(), KeptText.of(newText), List.of(), false, false);
            }
            return kept(
                    Problem.Code.EMPTY_FILE,
                    file,
                    "the file is empty; the " + objects.size() + " objects it held stay in force",
                    "fill it, or delete it",
                    false);
        }
        if (text.isCutInALine(newText)) {
            return kept(
                    Problem.Code.TRUNCATED_FILE,
                    file,
                    "the file is the beginning of its last content, cut in the middle of a line; all it held stays in force",
                    "write it whole",
                    false);
        }
        var problems = BoundedProblems.ofFile(file).addAll(contents.problems());
        var taken = new LinkedHashMap<ObjectRef, Manifest>();
        for (Manifest manifest : contents.good()) {
            if (taken.putIfAbsent(manifest.ref(), manifest) != null) {
                problems.add(duplicate(manifest.ref(), file, "this file"));
            }
        }
        boolean unknownBroken = false;
        for (var failure : contents.failures()) {
            switch (failure) {
                case BrokenDocument.Known(ObjectRef ref) -> {
                    Manifest last = objects.get(ref);
                    if (last != null) {
                        taken.putIfAbsent(ref, last);
                    }
                }
                case BrokenDocument.NotRead none -> {}
                case BrokenDocument.Unknown any -> unknownBroken = true;
            }
        }
        if (unknownBroken) {
            objects.forEach(taken::putIfAbsent);
        }
        return new FileState(taken, KeptText.of(newText), problems.list(), contents.hidesConfiguration(), false);
    }

    static Problem duplicate(ObjectRef ref, String file, String first) {
        return Problem.at(
                        Problem.Code.DUPLICATE_OBJECT,
                        Place.wholeFile(file),
                        "the object is also in " + first + ", which is taken",
                        "remove one of the two")
                .about(ref);
    }
}
