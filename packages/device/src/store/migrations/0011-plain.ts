/** Plain posts lie among the messages; `plain` says which API key wrote one and whose key that is, as JSON. */
export const plain = `
ALTER TABLE inbox ADD COLUMN plain TEXT;
`;
