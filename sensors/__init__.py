"""Every sensor that ships, by the name that its events carry."""
