/** Many seeds, asked from outside through their API servers. */
package io.moongate.operator.landscape;
