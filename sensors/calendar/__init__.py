"""Calendars: iCalendar files, folders of them, and CalDAV servers, heard again as they change."""
