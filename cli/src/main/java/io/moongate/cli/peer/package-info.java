/** Other moongates whose knowledge of adoption is read, however they are reached. */
package io.moongate.cli.peer;
