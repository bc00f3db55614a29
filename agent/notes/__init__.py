"""Notes of what was said or written: chapters, their facts, key terms and questions to study."""
