# Makes data.csv and the reference numbers of this folder. Run inside this folder: Rscript generate.R
suppressMessages(library(lavaan))
set.seed(20120669)
n <- 400
jq <- rnorm(n)
dims <- sapply(c(.75, .60, .80, .70), function(l) l * jq + sqrt(1 - l^2) * rnorm(n))
sat <- .70 * jq + sqrt(1 - .49) * rnorm(n)
com <- .40 * jq + .35 * sat + .6 * rnorm(n)
tin <- -.40 * sat - .30 * com + .7 * rnorm(n)
factors <- cbind(dims, sat, com, tin)
codes <- c("D1", "D2", "D3", "D4", "SAT", "COM", "TIN")
loading <- c(.85, .75, .65)
data <- as.data.frame(lapply(1:21, function(k) {
  l <- loading[(k - 1) %% 3 + 1]
  round(3.4 + .9 * (l * factors[, (k - 1) %/% 3 + 1] + sqrt(1 - l^2) * rnorm(n)), 3) }))
colnames(data) <- paste0(rep(codes, each = 3), "_", 1:3)
write.csv(data, "data.csv", row.names = FALSE)

measure <- paste(sapply(codes, function(c) paste0(c, " =~ ", paste0(c, "_", 1:3, collapse = " + "))), collapse = "\n")
model <- paste0(measure, "\nJQ =~ D1 + D2 + D3 + D4\nSAT ~ JQ\nCOM ~ SAT + JQ\nTIN ~ SAT + COM\n")
writeLines(model, "model.txt")
labelled <- paste0(measure, "\nJQ =~ D1 + D2 + D3 + D4\nSAT ~ a*JQ\nCOM ~ b*SAT + c*JQ\nTIN ~ d*SAT + e*COM
JQ_SAT_COM := a*b
JQ_COM_total := c + a*b
JQ_SAT_TIN := a*d
JQ_COM_TIN := c*e
JQ_SAT_COM_TIN := a*b*e
JQ_TIN_total := a*d + c*e + a*b*e
SAT_COM_TIN := b*e
SAT_TIN_total := d + b*e\n")
fit <- sem(labelled, data)
keep <- function(x) { x <- x[x$op %in% c("~", ":="), ]; format(x[order(x$op), ], digits = 15) }
write.csv(keep(parameterEstimates(fit)), "unstandardised.csv", row.names = FALSE, quote = FALSE)
write.csv(keep(standardizedSolution(fit)), "standardised.csv", row.names = FALSE, quote = FALSE)
