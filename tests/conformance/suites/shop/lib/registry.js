exports.opened = false
