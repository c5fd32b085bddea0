/** The audit log is not as this application left it. Its message says where. */
export class ChainBroken extends Error {}
