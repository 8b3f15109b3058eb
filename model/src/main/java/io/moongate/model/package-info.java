/**
 * What Moongate talks about: problems, feature gates, the landscape that comes in, the plan that goes out, and the
 * settings. Records and sealed types, valid from their constructors on. Must not import anything but the JDK, and of
 * the JDK nothing that reads a clock, a file, a socket or the environment.
 */
package io.moongate.model;
