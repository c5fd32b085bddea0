/** The largest account id: what an unsigned INT of MySQL holds. */
export const MAX_ID = 4_294_967_295;
