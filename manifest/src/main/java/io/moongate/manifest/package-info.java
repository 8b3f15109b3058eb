/**
 * Manifests to the model and back, the same code for files and for Kubernetes. {@code yaml}: text to values that know
 * their place; {@code read}: values to the model; {@code write}: trees and the model to text; {@code file}: a folder
 * of manifests as a source, with its last good content. Must not import a Kubernetes client.
 */
package io.moongate.manifest;
