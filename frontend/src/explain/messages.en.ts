/** English texts of this folder. */
export const en = {} as const;
