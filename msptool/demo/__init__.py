"""A practice network in namespaces, with real programs and planted faults."""
