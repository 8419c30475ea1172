export const late = await new Promise((resolve) => setTimeout(resolve, 2, 'awaited'))
export { late as 'a name with spaces', late as default }
