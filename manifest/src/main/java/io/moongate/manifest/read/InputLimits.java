package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Limit;
import io.moongate.model.config.InputSettings;

/**
 * How much input one process takes: what is configured, or less where the heap is too small for it. Without the second
 * a folder within its limits could end a process, and with it every tunnel. The shares were measured (docs/adr/0015):
 * together they leave a tenth of the heap to all else.
 *
 * @param fileBytes of one file
 * @param totalBytes of all files together
 * @param files how many
 * @param names in all folders, also of what is not read
 * @param objects of all files together, or of one watched cluster; see {@link Manifest#weight}
 * @param values mappings, lists, keys and single values of one document
 */
public record InputLimits(Limit fileBytes, Limit totalBytes, Limit files, Limit names, Limit objects, Limit values) {
    /** Reading takes ten bytes for a byte of text: the bytes, the text, the parser's code points and characters. */
    public static final int FILE_SHARE = 40;
    /** Of what a file held its text stays in memory, compressed where that helps, and each name that was in it. */
    public static final int TOTAL_SHARE = 6;
    /** Bytes of heap for an object: it is there twice, with what is made of it, while a new plan is made. */
    public static final int OBJECT_BYTES = 6 << 10;
    /** Bytes of heap for a value: it takes a hundred, and all of a document are there at once. */
    public static final int VALUE_BYTES = 640;
    /** Bytes of heap for a name: path, stamp, and the problem where its file is not read. */
    static final int NAME_BYTES = 4 << 10;

    /** A document of a file of the largest size has room for half as much again as in what kubectl writes. */
    public static final int BYTES_OF_VALUE = 8;

    private static final int FEWEST_VALUES = 1_000_000;

    public static final int MOST_NAMES = 2_000_000;

    /** @param heap in bytes, the most that the process may use */
    public static InputLimits of(InputSettings settings, long heap) {
        return new InputLimits(
                limit(settings.maxFileBytes(), "input.maxFileBytes", heap / FILE_SHARE, heap),
                limit(settings.maxTotalBytes(), "input.maxTotalBytes", heap / TOTAL_SHARE, heap),
                limit(settings.maxFiles(), "input.maxFiles", heap / NAME_BYTES, heap),
                limit(MOST_NAMES, "", heap / NAME_BYTES, heap),
                limit(settings.maxObjects(), "input.maxObjects", heap / OBJECT_BYTES, heap),
                limit(
                        Math.max(FEWEST_VALUES, settings.maxFileBytes() / BYTES_OF_VALUE),
                        "input.maxFileBytes",
                        heap / VALUE_BYTES,
                        heap));
    }

    /** Of the file that holds the configuration: whoever has set a limit too low must be able to raise it there. */
    public InputLimits ofConfiguration() {
        InputLimits defaults = ofProcess();
        return new InputLimits(
                larger(fileBytes, defaults.fileBytes),
                totalBytes,
                files,
                names,
                larger(objects, defaults.objects),
                values);
    }

    /** @param key where it is configured; empty for a fixed one */
    private static Limit limit(int configured, String key, long heapAllows, long heap) {
        return heapAllows < configured
                ? new Limit(
                        (int) Math.max(1, heapAllows),
                        "give the process more memory, its heap of " + (heap >> 20) + " MiB allows no more (-Xmx)")
                : new Limit(configured, key.isEmpty() ? "" : "raise " + key);
    }

    private static Limit larger(Limit one, Limit other) {
        return one.most() < other.most() ? other : one;
    }

    /** With room for no more objects than this. */
    public InputLimits withObjects(int most) {
        return new InputLimits(fileBytes, totalBytes, files, names, new Limit(most, objects.raise()), values);
    }

    /** Of this process. */
    public static InputLimits of(InputSettings settings) {
        return of(settings, Runtime.getRuntime().maxMemory());
    }

    /** Of this process, where nothing is configured. */
    public static InputLimits ofProcess() {
        return Defaults.LIMITS;
    }

    /** Apart, as the reader of the defaults is used by this class's own users. */
    private static final class Defaults {
        private static final InputLimits LIMITS =
                of(ConfigurationReader.defaults().input());
    }
}
