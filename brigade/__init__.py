"""Brigade (大队看板): the library behind the dashboard of a traffic-police brigade."""
