from services.core.choices import Choice


class DepartmentKind(Choice):
    """责任单位类别: what a department is responsible for."""

    COURT = "COURT", "法院", "Court"
    FORESTRY = "FORESTRY", "林业", "Forestry"
    POWER = "POWER", "电力", "Power"
    GAS = "GAS", "燃气", "Gas"
    WATER = "WATER", "供水", "Water"
    HEATING = "HEATING", "供热", "Heating"
    TRANSPORT = "TRANSPORT", "交通运输", "Transport"
    HOUSING = "HOUSING", "住建", "Housing"
    URBAN_MANAGEMENT = "URBAN_MANAGEMENT", "城管", "Urban management"
    AGRICULTURE = "AGRICULTURE", "农业农村", "Agriculture"
    CULTURE_TOURISM = "CULTURE_TOURISM", "文旅", "Culture and tourism"
    PUBLIC_SECURITY = "PUBLIC_SECURITY", "公安", "Public security"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政", "Civil affairs"
    PROPERTY_MANAGEMENT = "PROPERTY_MANAGEMENT", "物业", "Property management"
    ENTERPRISE = "ENTERPRISE", "企业", "Enterprise"
    OTHER = "OTHER", "其他", "Other"
