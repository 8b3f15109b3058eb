/** {@code moongate dashboard}: the dashboard of many moongates. */
package io.moongate.cli.dashboard;
