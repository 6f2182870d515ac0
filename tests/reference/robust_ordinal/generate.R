# What robust CFI and RMSEA of ordered items are made of, by lavaan: Rscript generate.R
suppressMessages(library(lavaan))
options(digits = 16)
data <- read.csv(file.path("..", "engine", "likert_skew", "data.csv"))
items <- c("w1", "w2", "w3", "s1", "s2", "s3")
model <- "demand =~ w1 + w2 + w3 + s1 + s2 + s3"
save <- function(x, name) {
  write.csv(format(as.data.frame(unclass(x)), digits = 16), paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
}
for (estimator in c("WLSMV", "ULSMV")) {
  fit <- cfa(model, data, ordered = items, estimator = estimator)
  short <- tolower(estimator)
  moved <- grepl("~~", rownames(lavInspect(fit, "gamma")), fixed = TRUE)
  if (estimator == "WLSMV") {
    save(lavInspect(fit, "sampstat")$cov, "correlations")
    save(lavInspect(fit, "gamma")[moved, moved], "gamma")
  }
  save(lavInspect(fit, "implied")$cov, paste0(short, "_implied"))
  save(lavInspect(fit, "delta")[moved, ], paste0(short, "_jacobian"))
  weights <- lavInspect(fit, "wls.v")
  save(data.frame(weight = diag(weights)[moved]), paste0(short, "_weights"))
  found <- fitMeasures(fit)
  write.csv(data.frame(name = names(found), value = format(as.numeric(found), digits = 16)),
            paste0(short, "_fit.csv"), row.names = FALSE, quote = FALSE)
}
