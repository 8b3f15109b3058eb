/** How our two entries of a Shoot's status are written, beside those of others. */
package io.moongate.operator.shoots.status;
