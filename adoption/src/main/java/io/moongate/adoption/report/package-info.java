/** What is declared and what is seen, side by side: pure. */
package io.moongate.adoption.report;
