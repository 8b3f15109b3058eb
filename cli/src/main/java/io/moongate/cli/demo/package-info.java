/** {@code moongate demo}: {@code DemoStory} tells it, {@code DemoLandscape} and {@code DemoClient} are what it plays with. */
package io.moongate.cli.demo;
