/** What every long-running thread of a process reports: each turn, and what went wrong in one. No threads, no clock. */
package io.moongate.model.loop;
