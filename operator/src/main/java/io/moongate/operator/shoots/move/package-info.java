/** Moves the components of shoots, where the operator manages them: a few at a time, each with care, all to be undone. */
package io.moongate.operator.shoots.move;
