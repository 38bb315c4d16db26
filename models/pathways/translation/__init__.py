"""The cap of the messenger RNA, and the ribosome."""
