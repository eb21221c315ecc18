"""What was asked, as files that an office can print, sort and pass on."""
