"""A package, so that pytest ends what is of package scope when it leaves this folder."""
