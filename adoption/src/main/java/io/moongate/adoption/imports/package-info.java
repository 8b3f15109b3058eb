/**
 * Evidence from access logs that are stored already: {@code LogFile} gives lines, {@code Formats} reads one line,
 * {@code LineReader} makes a {@code LogLine} of what it holds, {@code Tally} adds up, {@code ImportReport} makes a
 * report of that beside what is declared. Nothing here listens to anything, and nothing is kept.
 */
package io.moongate.adoption.imports;
