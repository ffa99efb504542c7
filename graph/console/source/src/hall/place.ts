/** The code of the province that the hall is of. */
export const PROVINCE = "14";
