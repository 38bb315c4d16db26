"""The TSC complex, its inputs, and RHEB."""
