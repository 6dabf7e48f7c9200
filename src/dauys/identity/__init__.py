"""Who may vote: the register, codes by SMS, digital signatures; grants permits."""
