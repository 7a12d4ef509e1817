/** A fault of the options or of a file, in one sentence for a person. */
export class SandboxOptionError extends Error {}
