"""Administrative divisions (行政区划): province, city, county, street or town, community or village."""
