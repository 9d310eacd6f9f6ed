// The part that is used of a library that comes without types.
declare module "@20minutes/s3rver" {
  export default class S3Server {
    constructor(options: object);
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
}
