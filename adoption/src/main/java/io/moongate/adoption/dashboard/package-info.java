/**
 * The web dashboard: {@code Dashboard} takes requests, {@code Pages} makes HTML of what a {@code DashboardSource} knows,
 * {@code Charts} draws. It shows and changes nothing.
 */
package io.moongate.adoption.dashboard;
