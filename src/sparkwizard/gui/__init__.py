"""The window: Qt, and nothing but what is on screen."""
