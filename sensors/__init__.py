"""Every sensor that ships."""
