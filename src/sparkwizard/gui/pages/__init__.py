"""The pages of the wizard; none imports another."""
