"""Turn finished runs into documents for people and machines."""
