/**
 * A folder of manifests as a source. {@code FolderScan} lists files, {@code FolderSource} decides when a file is taken
 * and keeps what was good, {@code LastGood} keeps it over restarts, {@code OutputFolder} writes what is generated.
 * Nothing here runs by itself: the caller brings the clock and the thread.
 */
package io.moongate.manifest.file;
