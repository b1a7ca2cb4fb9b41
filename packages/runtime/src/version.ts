/** The version of every Millrace package, shown to clients and in threads. A test holds it equal to package.json. */
export const VERSION = '0.1.0';
