package io.moongate.model.config;

/** How much of a folder of manifests is read. */
public record InputSettings(
        @Parameter(
                value = "16777216",
                doc =
                        "Largest file in bytes. A larger one is not read; what it held before stays in force. Reading takes about twenty times as much memory for a moment.",
                min = 1024,
                max = 999999999)
        int maxFileBytes,

        @Parameter(
                value = "268435456",
                doc = "All files together in bytes. Files beyond it, by name, are not read.",
                min = 1024,
                max = 999999999)
        int maxTotalBytes,

        @Parameter(
                value = "20000",
                doc = "How many files. Files beyond it, by name, are not read.",
                min = 1,
                max = 1000000)
        int maxFiles) {}
