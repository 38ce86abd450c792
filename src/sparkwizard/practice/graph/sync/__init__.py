"""Answer what configures and watches provisioning: applications, jobs, schema, logs."""
