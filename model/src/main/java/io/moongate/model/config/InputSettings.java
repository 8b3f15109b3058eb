package io.moongate.model.config;

/** How much of a folder of manifests is read. */
public record InputSettings(
        @Parameter(
                value = "16777216",
                doc =
                        "Largest file in bytes, at most a fortieth of the heap. A larger one is not read; what it held before stays in force.",
                min = 1024,
                max = 999999999)
        int maxFileBytes,

        @Parameter(
                value = "268435456",
                doc =
                        "All files together in bytes, at most a sixth of the heap. New files beyond it, by name, are not read.",
                min = 1024,
                max = 999999999)
        int maxTotalBytes,

        @Parameter(
                value = "20000",
                doc =
                        "How many files, at most one for each 4 KiB of the heap. New files beyond it, by name, are not read.",
                min = 1,
                max = 1000000)
        int maxFiles,

        @Parameter(
                value = "500000",
                doc =
                        "Objects of all files together, at most one for each 6 KiB of the heap; a Shoot counts as three, and 16 addresses, ports or labels as one more. A file with which there would be more is not taken; what it held before stays in force.",
                min = 1,
                max = 10000000)
        int maxObjects) {}
