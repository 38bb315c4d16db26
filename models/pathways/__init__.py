"""The mechanisms, a room a pathway and a file a mechanism, each with its table beside it."""
