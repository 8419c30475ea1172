export const checkDeadlines = async () => []
