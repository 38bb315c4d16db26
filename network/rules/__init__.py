"""What rules and patterns say: sites, facts, sentences, ontology terms."""
