// `node:tty`: no descriptor of a session is a terminal.

class ReadStream {}
class WriteStream {}

module.exports = { isatty: () => false, ReadStream, WriteStream };
