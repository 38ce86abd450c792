"""What Graph answers of applications, jobs and logs, as frozen values. Pure."""
