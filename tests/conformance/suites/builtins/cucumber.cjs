module.exports = { default: '--require steps/**/*.js' }
