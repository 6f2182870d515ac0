# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
model <- "visual =~ x1 + x2 + x3
x4 ~ visual + x3
x9 ~ x4 + x7
x8 ~ x7 + visual"
write_fit(model, data)
