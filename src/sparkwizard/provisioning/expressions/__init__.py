"""The expression language of Entra's attribute mapping."""
